using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Scdn.Format;

/// <summary>Which parts of a content are encrypted. Written <c>none</c>, <c>full</c>, <c>head</c> or <c>every:N</c>.</summary>
public sealed record ProtectionPolicy
{
    private readonly Scope _scope;
    private readonly int _interval;

    private ProtectionPolicy(Scope scope, int interval = 0) => (_scope, _interval) = (scope, interval);

    private enum Scope
    {
        None,
        Full,
        Head,
        Every,
    }

    /// <summary>Nothing is encrypted, the header is open: for content that anyone may have.</summary>
    public static ProtectionPolicy None { get; } = new(Scope.None);

    /// <summary>Every part is encrypted. The default.</summary>
    public static ProtectionPolicy Full { get; } = new(Scope.Full);

    /// <summary>Only head parts are encrypted: cheap, and keeps players out of most containers, but not a determined reader.</summary>
    public static ProtectionPolicy Head { get; } = new(Scope.Head);

    /// <summary>Whether the header is sealed, and a content key therefore needed.</summary>
    public bool NeedsKey => _scope != Scope.None;

    /// <summary>Head parts, and every <paramref name="interval"/>-th data part, starting with the first.</summary>
    /// <param name="interval">At least 1, which encrypts all.</param>
    public static ProtectionPolicy Every(int interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, 1);
        return new(Scope.Every, interval);
    }

    /// <summary>Parses the written form; anything else is no policy.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ProtectionPolicy? policy)
    {
        policy = text switch
        {
            "none" => None,
            "full" => Full,
            "head" => Head,
            _ when TryParseInterval(text, out var interval) => Every(interval),
            _ => null,
        };
        return policy is not null;
    }

    /// <summary>Whether a part is encrypted.</summary>
    /// <param name="kind">Head or data.</param>
    /// <param name="dataIndex">For a data part, its number among the data parts, from 0.</param>
    public bool Encrypts(PartKind kind, int dataIndex) => _scope switch
    {
        Scope.None => false,
        Scope.Full => true,
        Scope.Head => kind == PartKind.Head,
        _ => kind == PartKind.Head || dataIndex % _interval == 0,
    };

    /// <inheritdoc/>
    public override string ToString() => _scope switch
    {
        Scope.None => "none",
        Scope.Full => "full",
        Scope.Head => "head",
        _ => $"every:{_interval}",
    };

    private static bool TryParseInterval(string? text, out int interval)
    {
        const string prefix = "every:";
        interval = 0;
        return text is not null && text.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out interval) && interval > 0;
    }
}
