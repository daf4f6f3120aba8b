using System.Text.Json;

namespace Scdn.Host.Hosting;

/// <summary>Reads a request's JSON where the framework's own binding comes too early.</summary>
internal static class Bodies
{
    /// <summary>The request's body. Hosts tell one another more with each version, and pass over what they do not know; from others, a field that is not known is a mistake.</summary>
    /// <exception cref="BadHttpRequestException">It is not what is expected.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonSerializerOptions? json = null)
    {
        try
        {
            return await context.Request.ReadFromJsonAsync<T>(json ?? HostJson.Strict, context.RequestAborted)
                ?? throw new BadHttpRequestException("The request's body is empty.");
        }
        catch (JsonException fault)
        {
            throw new BadHttpRequestException("The request's body is not JSON of the expected form.", fault);
        }
        catch (InvalidOperationException fault)
        {
            throw new BadHttpRequestException("The request's body is not JSON: send it as application/json.", StatusCodes.Status415UnsupportedMediaType, fault);
        }
    }
}
