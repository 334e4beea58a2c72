namespace ProSaas.Data.Conversations;

/// <summary>Who wrote a message.</summary>
public enum MessageRole
{
    /// <summary>The customer, <c>customer</c>.</summary>
    Customer,

    /// <summary>The business's agent, <c>agent</c>.</summary>
    Agent,
}
