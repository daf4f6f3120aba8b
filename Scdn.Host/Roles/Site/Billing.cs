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
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

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
            for (var attempt = 1; ; attempt++)
            {
                var (refusal, isTransient) = await AskOnceAsync(url, new(user, content, play), either.Token);
                if (!isTransient || attempt >= hook.Attempts) return refusal;
                await Task.Delay(Pause * attempt, time, either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Refusal.Unpaid($"Billing did not answer within {hook.TimeLimit.TotalSeconds:0.#} seconds, so this play is not granted: try again later.");
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Puts the question once; whether it may be answered another time: when nobody answered, or who did failed.</summary>
    private async Task<(Refusal? Refusal, bool IsTransient)> AskOnceAsync(Uri url, BillingQuestion question, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = JsonContent.Create(question, mediaType: null, HostJson.Options) };
            // However often it is asked, it is one play: who bills by the question, too, can tell.
            request.Headers.Add("Idempotency-Key", $"{question.Content}/{question.Play}");
            using var response = await _http.SendAsync(request, cancel);
            if (!response.IsSuccessStatusCode) return (Refusal.Unpaid($"Billing did not grant this play: it answered {(int)response.StatusCode}."), (int)response.StatusCode >= StatusCodes.Status500InternalServerError);
            var answer = await response.Content.ReadFromJsonAsync<BillingAnswer>(HostJson.Options, cancel);
            return (answer is { Allowed: true } ? null : Refusal.Unpaid(answer?.Detail ?? "Billing did not grant this play."), false);
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or InvalidOperationException)
        {
            return (Refusal.Unpaid("Billing could not be asked, so this play is not granted: try again later."), fault is HttpRequestException);
        }
    }

    /// <summary>What billing is asked. The play's id is the same however often the viewer repeats the request.</summary>
    private sealed record BillingQuestion(string User, ContentId Content, Guid Play);

    /// <summary>What it answers; the detail is shown to the viewer.</summary>
    private sealed record BillingAnswer(bool Allowed, string? Detail = null);
}
