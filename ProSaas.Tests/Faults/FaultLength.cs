namespace ProSaas.Tests.Faults;

/// <summary>The trait by which test.sh chooses among the faults: the ordinary run has the quick ones.</summary>
internal static class FaultLength
{
    public const string Trait = "Fault";
    public const string Quick = "quick";
    public const string Long = "long";
    public const string Full = "full";
}
