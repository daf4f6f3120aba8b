using System.Text.Json;
using Scdn.Format;
using Scdn.Grains;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Configuration;

namespace Scdn.Host.Roles.Site;

/// <summary>The billing hook: asked before a play; whatever is not a clear yes is a no.</summary>
internal sealed class Billing(ISettings settings, TimeProvider time) : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;

    // Redirects are not followed: the question goes to the address that was configured and nowhere else.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    /// <summary>Null when the play may begin.</summary>
    public async Task<Refusal?> AskAsync(string user, ContentId content, Guid play, CancellationToken cancel)
    {
        var hook = settings.Current.Billing;
        if (hook.Url is not { } url) return null;
        using var timeout = new CancellationTokenSource(hook.TimeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try
        {
            using var response = await _http.PostAsJsonAsync(url, new BillingQuestion(user, content, play), HostJson.Options, either.Token);
            if (!response.IsSuccessStatusCode) return Refusal.Unpaid($"Billing did not grant this play: it answered {(int)response.StatusCode}.");
            var answer = await response.Content.ReadFromJsonAsync<BillingAnswer>(HostJson.Options, either.Token);
            return answer is { Allowed: true } ? null : Refusal.Unpaid(answer?.Detail ?? "Billing did not grant this play.");
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or InvalidOperationException)
        {
            return Refusal.Unpaid("Billing could not be asked, so this play is not granted: try again later.");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Refusal.Unpaid($"Billing did not answer within {hook.TimeLimit.TotalSeconds:0.#} seconds, so this play is not granted: try again later.");
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What billing is asked. The play's id is the same however often the viewer repeats the request.</summary>
    private sealed record BillingQuestion(string User, ContentId Content, Guid Play);

    /// <summary>What it answers; the detail is shown to the viewer.</summary>
    private sealed record BillingAnswer(bool Allowed, string? Detail = null);
}
