using System.Text.Json;

namespace Scdn.Host.Hosting;

/// <summary>Reads a request's JSON where the framework's own binding comes too early.</summary>
internal static class Bodies
{
    public static async Task<T> ReadAsync<T>(HttpContext context)
    {
        try
        {
            return await context.Request.ReadFromJsonAsync<T>(HostJson.Options, context.RequestAborted)
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
