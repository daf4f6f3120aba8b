using System.Text.Json.Serialization;
using Scdn.Format;

namespace Scdn.Cli.Publishers;

/// <summary>A publisher, and who that is to this user.</summary>
/// <param name="Publisher">The publisher.</param>
/// <param name="Standing">Who that is.</param>
/// <param name="Name">What this user calls them; null: nothing.</param>
internal sealed record Signer(PublisherId Publisher, Standing Standing, string? Name = null)
{
    /// <summary>Who that is, for people.</summary>
    [JsonIgnore]
    public string Words => Standing switch
    {
        Standing.You => "you",
        Standing.Former => "you, with a former key",
        Standing.Trusted when Name is not null => $"trusted: {Name}",
        Standing.Trusted => "trusted",
        _ => "unknown",
    };
}

/// <summary>Who a publisher is to this user.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Standing>))]
internal enum Standing
{
    /// <summary>Neither oneself nor trusted.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>This user, with the present key.</summary>
    [JsonStringEnumMemberName("you")]
    You,

    /// <summary>This user, with a key from before a rotation.</summary>
    [JsonStringEnumMemberName("former")]
    Former,

    /// <summary>On the trust list.</summary>
    [JsonStringEnumMemberName("trusted")]
    Trusted,
}
