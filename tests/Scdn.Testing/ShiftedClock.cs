namespace Scdn.Testing;

/// <summary>A process whose clock is wrong, by libfaketime; how long the machine has run it sees as it is.</summary>
public static class ShiftedClock
{
    /// <summary>The variables of a process whose clock is off by so much.</summary>
    /// <exception cref="InvalidOperationException">libfaketime is not installed.</exception>
    public static IReadOnlyDictionary<string, string?> By(TimeSpan offset) => new Dictionary<string, string?>
    {
        ["LD_PRELOAD"] = Library(),
        ["FAKETIME"] = $"{(long)offset.TotalSeconds:+0;-0}s",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        ["DONT_FAKE_MONOTONIC"] = "1",
    };

    private static string Library() => Directory.EnumerateDirectories("/usr/lib")
        .Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1"))
        .FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("libfaketime is missing: type 'apt-get install libfaketime' as root.");
}
