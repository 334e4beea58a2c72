namespace ProSaas.ServiceDefaults.Startup;

internal static class StartupOrder
{
    /// <summary>Returns the phases, each after those it needs.</summary>
    /// <exception cref="InvalidOperationException">Two phases share a name, a phase needs an unknown one, or phases need each other.</exception>
    public static IReadOnlyList<StartupPhase> Check(IReadOnlyList<StartupPhase> phases)
    {
        var left = new Dictionary<string, StartupPhase>(StringComparer.Ordinal);
        foreach (var phase in phases)
        {
            if (!left.TryAdd(phase.Name, phase))
            {
                throw new InvalidOperationException($"Two startup phases are named '{phase.Name}'.");
            }
        }

        foreach (var phase in phases)
        {
            foreach (var need in phase.Needs.Where(need => !left.ContainsKey(need)))
            {
                throw new InvalidOperationException($"Startup phase '{phase.Name}' needs '{need}', which is not there.");
            }
        }

        var ordered = new List<StartupPhase>(phases.Count);
        while (left.Count > 0)
        {
            var next = left.Values.Where(phase => !phase.Needs.Any(left.ContainsKey)).ToList();
            if (next.Count is 0)
            {
                throw new InvalidOperationException($"Startup phases need each other in a circle: {string.Join(", ", left.Keys)}.");
            }

            ordered.AddRange(next);
            next.ForEach(phase => left.Remove(phase.Name));
        }

        return ordered;
    }
}
