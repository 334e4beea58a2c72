namespace ProSaas.Api.Budgets;

/// <summary>Requests that are counted together.</summary>
internal enum RequestKind
{
    /// <summary>Reads or searches many rows.</summary>
    List,

    /// <summary>Reads all of a customer.</summary>
    Export,

    /// <summary>Has something spoken.</summary>
    Speech,
}
