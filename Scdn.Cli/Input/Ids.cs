using System.CommandLine;
using Scdn.Format;

namespace Scdn.Cli.Input;

/// <summary>Ids as arguments.</summary>
internal static class Ids
{
    /// <summary>An argument that is an id.</summary>
    public static Argument<TId> Argument<TId>(string name, string description)
        where TId : struct, IGuidId<TId> => new(name)
        {
            Description = description,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (!GuidId.TryParse<TId>(text.ToLowerInvariant(), out var id)) result.AddError($"'{text}' is not an id: write it like 3f2b8c1e-0d4a-4b5c-9e6f-7a8b9c0d1e2f.");
                return id;
            },
        };
}
