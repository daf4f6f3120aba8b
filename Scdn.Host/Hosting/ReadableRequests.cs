using System.Text;
using Microsoft.Net.Http.Headers;

namespace Scdn.Host.Hosting;

/// <summary>The one door for text: what no endpoint could read, or no store keep, is refused before it comes to any. A NUL in the path the server refuses by itself.</summary>
internal static class ReadableRequests
{
    public static void Use(WebApplication app) => app.Use((context, next) =>
    {
        var request = context.Request;
        // The query as it was sent: a per cent sign that is meant is written %25.
        if (request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true)
            throw new BadHttpRequestException("The address has a NUL (%00) in its parameters, which is no text: leave it out.");
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Charset.HasValue && IsJson(type) && !IsUtf8(type))
            throw new BadHttpRequestException("The request's body is JSON, which is always UTF-8: send it so, without another charset.", StatusCodes.Status415UnsupportedMediaType);
        return next(context);
    });

    private static bool IsJson(MediaTypeHeaderValue type) => type.SubType.Equals("json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase);

    private static bool IsUtf8(MediaTypeHeaderValue type) => HeaderUtilities.RemoveQuotes(type.Charset).Equals(Encoding.UTF8.WebName, StringComparison.OrdinalIgnoreCase);
}
