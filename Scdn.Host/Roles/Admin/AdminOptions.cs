using System.Collections.Immutable;
using Scdn.Format;
using Scdn.Host.Data;

namespace Scdn.Host.Roles.Admin;

/// <summary>The CMS's settings.</summary>
/// <param name="ContentFolder">The full path of the folder that is watched; null: none.</param>
/// <param name="Trusted">The publishers whose headers are published; none: whomever an operator publishes.</param>
/// <param name="Records">For how long connection records are kept.</param>
internal sealed record AdminOptions(string? ContentFolder, ImmutableArray<PublisherId> Trusted, RecordRetention Records);
