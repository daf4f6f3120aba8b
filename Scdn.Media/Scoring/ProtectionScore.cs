using System.Collections.Immutable;

namespace Scdn.Media.Scoring;

/// <summary>What somebody without the key recovers of a content.</summary>
public sealed record ProtectionScore
{
    /// <summary>Bytes of the original.</summary>
    public required long Length { get; init; }

    /// <summary>How many of them are encrypted.</summary>
    public required long EncryptedBytes { get; init; }

    /// <summary>What there is to recover: pictures and sound, without those that are blank or silent.</summary>
    public required Recovered Total { get; init; }

    /// <summary>What each attack recovered, in the order in which they were tried.</summary>
    public required ImmutableArray<AttackResult> Attacks { get; init; }

    /// <summary>Where the content was cut, for only so much of it is scored; null when all of it was.</summary>
    public required TimeSpan? CutAt { get; init; }

    /// <summary>The most pictures that an attack recovered, and the most sound, be it another one.</summary>
    public Recovered Best => new(
        Attacks.Select(attack => attack.Recovered.Picture).DefaultIfEmpty().Max(),
        Attacks.Select(attack => attack.Recovered.Sound).DefaultIfEmpty().Max());
}

/// <summary>Playing time of pictures, and of sound.</summary>
public readonly record struct Recovered(TimeSpan Picture, TimeSpan Sound);

/// <summary>How one attack went.</summary>
/// <param name="Name">What was tried, in a few words.</param>
/// <param name="Recovered">What it recovered.</param>
/// <param name="Ended">Whether it took too long and was ended.</param>
public sealed record AttackResult(string Name, Recovered Recovered, bool Ended);
