using System.Text.Json;
using System.Text.Json.Serialization;

namespace Scdn.Host.Hosting;

/// <summary>How hosts write JSON to one another and to everybody else: camel case; what a type says can't be null or missing, isn't.</summary>
internal static class HostJson
{
    public static JsonSerializerOptions Options { get; } = Apply(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>The same for what comes from people and their programs: a field that is not known is refused, for it would be passed over in silence.</summary>
    public static JsonSerializerOptions Strict { get; } = ApplyStrictly(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions ApplyStrictly(JsonSerializerOptions options)
    {
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        return Apply(options);
    }

    private static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        return options;
    }
}
