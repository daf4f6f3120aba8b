using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Scdn.Grains;
using Scdn.Grains.Storage;

namespace Scdn.Host.Tests.Data;

/// <summary>The simplest grain: it counts, and refuses to count beyond a limit.</summary>
internal sealed record Counter(int Value) : IGrainState<Counter>
{
    public static string Kind => "counter";

    public static JsonTypeInfo<Counter> Json => CounterJson.Default.Counter;

    public static Change<Counter> Add(Counter? state) => new Counter((state?.Value ?? 0) + 1);

    public static Func<Counter?, Change<Counter>> AddUpTo(int limit) =>
        state => state?.Value >= limit ? Refusal.Conflict("It is full.") : Add(state);
}

[JsonSerializable(typeof(Counter))]
internal sealed partial class CounterJson : JsonSerializerContext;
