using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Scdn.Host.Tests.Samples;

/// <summary>Reads an answer that has to be a problem detail.</summary>
internal static class Problem
{
    /// <summary>Its sentence.</summary>
    public static async Task<string> DetailAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.That(response.StatusCode, Is.EqualTo(status), await response.Content.ReadAsStringAsync());
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.That(problem.GetProperty("status").GetInt32(), Is.EqualTo((int)status));
        return problem.GetProperty("detail").GetString()!;
    }
}
