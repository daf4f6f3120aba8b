using System.Text.Json.Serialization;
using Scdn.Client;
using Scdn.Client.Reserving;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Player.Playback;

/// <summary>What was fetched for a play, whatever showed it.</summary>
public abstract record FetchReport
{
    private protected FetchReport(NetworkManager network, PlayReport told)
    {
        var (statistics, length) = (network.Statistics, network.Manifest.Length);
        (Content, Title, Play, Events, Limits) = (network.Content, network.Manifest.Title, network.Play, told.Events, LimitsLeft.Of(network.Limits));
        (Failovers, Hedges, BytesByServer) = (statistics.Failovers, statistics.Hedges, statistics.BytesByServer);
        (FetchedBytes, ContentBytes, FetchedRatio) = (statistics.FetchedBytes, length, length == 0 ? 0 : Math.Round((double)statistics.FetchedBytes / length, 4));
    }

    /// <summary>The content.</summary>
    [JsonPropertyOrder(-2)]
    public ContentId Content { get; }

    /// <summary>Its title.</summary>
    [JsonPropertyOrder(-1)]
    public string Title { get; }

    /// <summary>Whether all that was to be played was, and no read had to be broken off.</summary>
    public bool Ok => Error is null;

    /// <summary>Why not; null when it was.</summary>
    public string? Error { get; internal init; }

    /// <summary>Times that a server had to be left.</summary>
    public int Failovers { get; }

    /// <summary>Times that a late piece was asked for again, of a second server or over another connection.</summary>
    public int Hedges { get; }

    /// <summary>Bytes that came from each server.</summary>
    public IReadOnlyDictionary<string, long> BytesByServer { get; }

    /// <summary>Bytes that were fetched.</summary>
    public long FetchedBytes { get; }

    /// <summary>Bytes of the content.</summary>
    public long ContentBytes { get; }

    /// <summary>The former by the latter.</summary>
    public double FetchedRatio { get; }

    /// <summary>The play's id, by which <c>scdn explain</c> finds it; null: the site knows nothing of it.</summary>
    public Guid? Play { get; }

    /// <summary>What happened, in milliseconds from asking to play.</summary>
    public IReadOnlyList<PlayEvent> Events { get; }

    /// <summary>What may still be played; null: it is not limited.</summary>
    public LimitsLeft? Limits { get; }

    /// <summary>What was promised before it began; null: nothing was.</summary>
    public ReserveReport? Reserve { get; init; }

    /// <summary>Whether a program that played it has done what it was asked to.</summary>
    [JsonIgnore]
    public virtual bool Succeeded => Ok;

    /// <summary>Whether it is known to have been watched to its end.</summary>
    internal abstract bool IsWatched { get; }
}
