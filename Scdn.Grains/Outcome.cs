using System.Diagnostics.CodeAnalysis;

namespace Scdn.Grains;

/// <summary>What came of a request that may be refused: a value, or the refusal that says who can act on it.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public sealed record Outcome<T>
{
    /// <summary>The value; null when refused.</summary>
    public T? Value { get; init; }

    /// <summary>Why not; null when it was granted.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>Whether it was granted.</summary>
    public bool IsGranted([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Refusal? refusal)
    {
        (value, refusal) = (Value, Refusal);
        return refusal is null;
    }

    /// <summary>A granted value.</summary>
    public static implicit operator Outcome<T>(T value) => new() { Value = value };

    /// <summary>A refusal.</summary>
    public static implicit operator Outcome<T>(Refusal refusal) => new() { Refusal = refusal };
}

/// <summary>The value of an outcome that has nothing to tell but that it was granted.</summary>
public sealed record Done
{
    /// <summary>The only one.</summary>
    public static Done Instance { get; } = new();
}

/// <summary>An expected "no": its kind for programs, its sentence for people (no secret in it).</summary>
/// <param name="Kind">Who can act, and how.</param>
/// <param name="Detail">One sentence: what is wrong, with which thing, what to do.</param>
public sealed record Refusal(RefusalKind Kind, string Detail)
{
    /// <summary>What is behind it, for the host's log alone; null: the sentence says it all.</summary>
    public string? Cause { get; init; }

    /// <summary>The request itself is wrong.</summary>
    public static Refusal Invalid(string detail) => new(RefusalKind.Invalid, detail);

    /// <summary>Nobody known asks.</summary>
    public static Refusal Unauthenticated(string detail) => new(RefusalKind.Unauthenticated, detail);

    /// <summary>Billing said no.</summary>
    public static Refusal Unpaid(string detail) => new(RefusalKind.Unpaid, detail);

    /// <summary>Who asks is known and may not.</summary>
    public static Refusal Denied(string detail) => new(RefusalKind.Denied, detail);

    /// <summary>There is no such thing.</summary>
    public static Refusal NotFound(string detail) => new(RefusalKind.NotFound, detail);

    /// <summary>It clashes with what is there.</summary>
    public static Refusal Conflict(string detail) => new(RefusalKind.Conflict, detail);

    /// <summary>Asked too often.</summary>
    public static Refusal TooMany(string detail) => new(RefusalKind.TooMany, detail);

    /// <summary>Right, but not now: try again later or elsewhere.</summary>
    public static Refusal Unavailable(string detail) => new(RefusalKind.Unavailable, detail);
}

/// <summary>The kinds of refusal; each has one HTTP status (RFC 9110).</summary>
public enum RefusalKind
{
    /// <summary>400.</summary>
    Invalid,

    /// <summary>401.</summary>
    Unauthenticated,

    /// <summary>402.</summary>
    Unpaid,

    /// <summary>403.</summary>
    Denied,

    /// <summary>404.</summary>
    NotFound,

    /// <summary>409.</summary>
    Conflict,

    /// <summary>429 (RFC 6585).</summary>
    TooMany,

    /// <summary>503.</summary>
    Unavailable,
}
