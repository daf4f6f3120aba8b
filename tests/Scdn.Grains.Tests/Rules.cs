using System.Text.Json;
using Scdn.Grains.Storage;

namespace Scdn.Grains.Tests;

/// <summary>What the tests of rules share.</summary>
internal static class Rules
{
    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static readonly Uri Address = new("http://192.0.2.1:7410");

    /// <summary>A stand-in for a public key; no rule looks into it.</summary>
    public static JsonElement Key(string x) => JsonElement.Parse($$"""{"kty":"EC","crv":"P-256","x":"{{x}}"}""");

    /// <summary>The new state of a change that must have one.</summary>
    public static TState Granted<TState>(this Change<TState> change)
        where TState : class, IGrainState<TState>
    {
        Assert.That(change.Refusal, Is.Null);
        Assert.That(change.Next, Is.Not.Null);
        return change.Next;
    }

    /// <summary>The kind of refusal; null when there is none.</summary>
    public static RefusalKind? Refused<TState>(this Change<TState> change)
        where TState : class, IGrainState<TState> => change.Refusal?.Kind;

    /// <summary>Whether the grain is rightly left as it is.</summary>
    public static bool IsNone<TState>(this Change<TState> change)
        where TState : class, IGrainState<TState> => change is { Next: null, Refusal: null };
}
