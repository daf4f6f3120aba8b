namespace Scdn.Host.Parts;

/// <summary>A store, who may have what of it, and how it is sent. A host has one as origin, one as content server, or both.</summary>
internal sealed record PartShelf(PartStore Store, IPartAccess Access, FileAnswer Answer);
