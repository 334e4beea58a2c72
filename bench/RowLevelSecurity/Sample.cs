namespace ProSaas.Bench.RowLevelSecurity;

/// <summary>In microseconds: the list query alone, and the whole unit of work around it.</summary>
internal sealed record Sample(double Query, double Unit);
