using System.Text.Json.Serialization;
using Scdn.Client;
using Scdn.Format.Wire;
using Scdn.Player.Playback;

namespace Scdn.Player.Viewing;

/// <summary>What was fetched while another player showed a content.</summary>
public sealed record ViewingReport : FetchReport
{
    internal ViewingReport(NetworkManager network, PlayReport told)
        : base(network, told) => WaitedMs = told.WaitedMs;

    /// <summary>The player; <c>url</c> when only the address was given out.</summary>
    public required string Player { get; init; }

    /// <summary>The player's exit code; null when there was none.</summary>
    public int? ExitCode { get; internal init; }

    /// <summary>How long reads had to wait, those of 40 ms and more together. What the player had in its own buffer meanwhile cost nothing.</summary>
    public long WaitedMs { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool Succeeded => Ok && ExitCode is (null or 0);

    /// <summary>How much of it was watched, another player does not say.</summary>
    internal override bool IsWatched => false;
}
