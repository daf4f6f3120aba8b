using System.Text.Json.Serialization.Metadata;

namespace Scdn.Grains.Storage;

/// <summary>The durable state of one kind of grain: an immutable record that knows its kind's name and how it is written.</summary>
/// <typeparam name="TSelf">The state's own type.</typeparam>
public interface IGrainState<TSelf>
    where TSelf : class, IGrainState<TSelf>
{
    /// <summary>The kind's stable name in the store and in the change feed, such as <c>session</c>. Never renamed: rows carry it.</summary>
    static abstract string Kind { get; }

    /// <summary>How the state is written as JSON.</summary>
    static abstract JsonTypeInfo<TSelf> Json { get; }
}
