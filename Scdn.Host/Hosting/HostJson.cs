using System.Text.Json;

namespace Scdn.Host.Hosting;

/// <summary>How hosts write JSON to one another and to everybody else: camel case; what a type says can't be null or missing, isn't.</summary>
internal static class HostJson
{
    public static JsonSerializerOptions Options { get; } = Apply(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        return options;
    }
}
