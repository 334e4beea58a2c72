namespace ProSaas.Data.Accounts;

/// <summary>What an account may do in a business.</summary>
public enum BusinessRole
{
    /// <summary>Works with the business's data.</summary>
    Member,

    /// <summary>Also decides over the business itself and its members.</summary>
    Owner,
}
