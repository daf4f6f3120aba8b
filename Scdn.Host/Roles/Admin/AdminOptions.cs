using System.Collections.Immutable;
using Scdn.Format;

namespace Scdn.Host.Roles.Admin;

/// <summary>The CMS's settings.</summary>
/// <param name="ContentFolder">The full path of the folder that is watched; null: none.</param>
/// <param name="Trusted">The publishers whose headers are published; none: whomever an operator publishes.</param>
internal sealed record AdminOptions(string? ContentFolder, ImmutableArray<PublisherId> Trusted);
