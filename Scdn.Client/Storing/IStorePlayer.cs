using Scdn.Format;

namespace Scdn.Client.Storing;

/// <summary>Who takes parts of one content from a store: asked what it needs, and told what came and went. Its members may be called at any time, from any thread.</summary>
internal interface IStorePlayer
{
    /// <summary>What it plays.</summary>
    ContentId Content { get; }

    /// <summary>Where everything is in a part; false when it has no such part.</summary>
    bool TryGetLayout(PartId part, out PartLayout layout);

    /// <summary>Parts that it is about to use: they are not removed.</summary>
    IReadOnlyCollection<PartId> NeededParts();

    /// <summary>More or less of these parts is held than before: <see cref="PartStore.HeldOf"/> says what.</summary>
    void Changed(IReadOnlyCollection<PartId> parts);
}
