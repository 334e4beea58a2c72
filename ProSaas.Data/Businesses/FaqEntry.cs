namespace ProSaas.Data.Businesses;

/// <summary>A question that a business's customers ask, and the answer its agents give.</summary>
public sealed class FaqEntry
{
    public long Id { get; init; }

    public required long BusinessId { get; init; }

    public required string Question { get; set; }

    public required string Answer { get; set; }

    /// <summary>Order among the business's entries, ascending; entries of one position are in order of their keys.</summary>
    public int Position { get; set; }

    /// <summary>Concurrency token.</summary>
    public uint RowVersion { get; private set; }
}
