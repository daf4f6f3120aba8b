using System.Diagnostics.CodeAnalysis;

namespace Scdn.Media.Probing;

/// <summary>What a look at a file gave: either what it is, or why it is not accepted.</summary>
public sealed class ProbeOutcome
{
    private ProbeOutcome(MediaInfo? info, MediaFault? fault) => (Info, Fault) = (info, fault);

    /// <summary>Whether the file is media.</summary>
    [MemberNotNullWhen(true, nameof(Info))]
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsMedia => Info is not null;

    /// <summary>What the file is.</summary>
    public MediaInfo? Info { get; }

    /// <summary>Why it is not accepted.</summary>
    public MediaFault? Fault { get; }

    internal static ProbeOutcome Found(MediaInfo info) => new(info, null);

    internal static ProbeOutcome Failed(MediaFaultKind kind, string message) => new(null, new(kind, message));
}
