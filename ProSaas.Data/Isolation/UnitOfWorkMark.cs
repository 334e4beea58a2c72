namespace ProSaas.Data.Isolation;

/// <summary>
/// Marks a transaction as a unit of work's for the command guard. The mark flows with the call and not with the context,
/// because contexts are pooled and carry nothing from one use to the next.
/// </summary>
internal static class UnitOfWorkMark
{
    private static readonly AsyncLocal<Guid?> Current = new();

    public static bool Covers(Guid? transactionId) => transactionId is not null && transactionId == Current.Value;

    public static IDisposable Set(Guid transactionId)
    {
        Current.Value = transactionId;
        return new Removal();
    }

    private sealed class Removal : IDisposable
    {
        public void Dispose() => Current.Value = null;
    }
}
