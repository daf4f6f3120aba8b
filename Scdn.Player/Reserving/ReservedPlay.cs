using Scdn.Client.Reserving;
using Scdn.Client.Sources;

namespace Scdn.Player.Reserving;

/// <summary>A play that was asked for to be reserved.</summary>
/// <param name="Folder">Where it is kept.</param>
/// <param name="Grant">What the site gave.</param>
public sealed record ReservedPlay(ReservedFolder Folder, PlayGrant Grant);
