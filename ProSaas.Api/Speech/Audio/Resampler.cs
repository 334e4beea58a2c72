namespace ProSaas.Api.Speech.Audio;

/// <summary>Changes how many samples a second there are, with a low-pass filter below half of the lower rate, so that nothing folds back into what is heard.</summary>
internal static class Resampler
{
    /// <summary>Zero crossings of the filter on each side.</summary>
    private const int Lobes = 16;

    /// <summary>Of half the lower rate; the rest is the filter's slope.</summary>
    private const double PassBand = 0.92;

    public static short[] Resample(ReadOnlySpan<short> samples, int from, int to)
    {
        if (from == to)
        {
            return samples.ToArray();
        }

        var divisor = Divisor(from, to);
        var (phases, step) = (to / divisor, from / divisor);
        var filter = Filter(phases, PassBand * Math.Min(1, (double)to / from), out var half);
        var result = new short[(int)((long)samples.Length * to / from)];
        for (var index = 0; index < result.Length; index++)
        {
            var place = (long)index * step;
            var (center, phase) = ((int)(place / phases), (int)(place % phases));
            var taps = filter[phase];
            var sum = 0f;
            for (var tap = Math.Max(0, half - 1 - center); tap < taps.Length && center - half + 1 + tap < samples.Length; tap++)
            {
                sum += taps[tap] * samples[center - half + 1 + tap];
            }

            result[index] = (short)Math.Clamp(MathF.Round(sum), short.MinValue, short.MaxValue);
        }

        return result;
    }

    /// <summary>A windowed sinc for each place that an output sample can have between two input samples.</summary>
    /// <param name="cutoff">As a part of half the input's rate.</param>
    private static float[][] Filter(int phases, double cutoff, out int half)
    {
        var width = (int)Math.Ceiling(Lobes / cutoff);
        half = width;
        return [.. Enumerable.Range(0, phases).Select(phase =>
        {
            var taps = Enumerable.Range(0, 2 * width).Select(tap => Tap(tap - width + 1 - ((double)phase / phases), width, cutoff)).ToArray();
            var sum = taps.Sum();
            return taps.Select(tap => (float)(tap / sum)).ToArray();
        })];
    }

    private static double Tap(double distance, int width, double cutoff)
    {
        if (Math.Abs(distance) >= width)
        {
            return 0;
        }

        // Blackman's window: what leaks through is 58 dB or more below.
        var angle = Math.PI * distance / width;
        var window = 0.42 + (0.5 * Math.Cos(angle)) + (0.08 * Math.Cos(2 * angle));
        var x = Math.PI * distance * cutoff;
        return window * (Math.Abs(x) < 1e-9 ? 1 : Math.Sin(x) / x);
    }

    private static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);
}
