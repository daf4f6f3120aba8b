using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Host.Hosting.OpenApi;

/// <summary>Types that write themselves: ids are UUIDs, pins are text, numbers are numbers, what is JSON of its own is an object.</summary>
internal static class SchemaDescription
{
    public static Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IGuidId<>)))
        {
            var isNullable = schema.Type?.HasFlag(JsonSchemaType.Null) == true || type != context.JsonTypeInfo.Type;
            schema.Type = isNullable ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
            schema.Format = "uuid";
        }
        else if (schema.Type is { } number && (number.HasFlag(JsonSchemaType.Integer) || number.HasFlag(JsonSchemaType.Number)))
        {
            // It is read from text, too, and never written so.
            schema.Type = number & ~JsonSchemaType.String;
            schema.Pattern = null;
        }
        else if (type == typeof(KeyPins))
        {
            schema.Type = type != context.JsonTypeInfo.Type ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
        }
        else if (type == typeof(ControlAddress))
        {
            schema.Type = JsonSchemaType.String | JsonSchemaType.Object;
        }
        else if (type == typeof(JsonElement))
        {
            schema.Type = JsonSchemaType.Object;
        }

        return Task.CompletedTask;
    }
}
