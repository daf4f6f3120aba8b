using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Scdn.Format;
using Scdn.Grains;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.Configuration;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Site;

/// <summary>
/// The billing hook: asked before a play; whatever is not a clear yes is a no. A question that gets no answer is put again, with the same idempotency key, as often and as long as the settings say: each attempt has its share of the time that is left,
/// so that one that hangs leaves time for another.
/// </summary>
internal sealed partial class Billing(ISettings settings, BillingConnections connections, HostSigner signer, TimeProvider time, ILogger<Billing> log)
{
    private const int IdempotencyKeySize = 16;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static Refusal NoAnswer => Refusal.Unpaid("Billing could not be asked, so this play is not granted: try again later.");

    /// <summary>Whether anybody is to be asked.</summary>
    public bool IsAsked => settings.Current.Billing.Url is not null;

    /// <summary>Null when the play may begin.</summary>
    public async Task<Refusal?> AskAsync(SessionId session, string user, ContentId content, Guid play, bool isStream, CancellationToken cancel)
    {
        var hook = settings.Current.Billing;
        if (hook.Url is not { } url) return null;
        var body = JsonSerializer.SerializeToUtf8Bytes(new BillingQuestion(user, content, play), HostJson.Options);
        var key = IdempotencyKey(session, content, play, isStream);
        var began = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var share = (hook.TimeLimit - time.GetElapsedTime(began)) / (hook.Attempts - attempt + 1);
            // The pause may have taken longer than it was to.
            if (share <= TimeSpan.Zero) return NoAnswer;
            var verdict = await TryAsync(url, hook.PrivateAddresses, body, key, share, cancel);
            if (verdict.IsGranted) return null;
            if (verdict.Fault is { } fault) LogFault(url.Host, attempt, fault);
            if (verdict.Detail is { } detail) return Refusal.Unpaid(detail);
            var pause = verdict.RetryAfter ?? attempt * Pause;
            if (attempt == hook.Attempts || time.GetElapsedTime(began) + pause >= hook.TimeLimit) return NoAnswer;
            await Task.Delay(pause, time, cancel);
        }
    }

    /// <summary>The same for a play however often it is asked about, and for no other; also not for a download to which the client gives the same id.</summary>
    private static string IdempotencyKey(SessionId session, ContentId content, Guid play, bool isStream) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($"{session} {content} {(isStream ? "" : "download ")}{play}")).AsSpan(0, IdempotencyKeySize));

    private async Task<BillingVerdict> TryAsync(Uri url, AddressRanges allowed, byte[] body, string key, TimeSpan limit, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try
        {
            using var request = Question(url, body, key);
            using var response = await connections.SendAsync(allowed, request, either.Token);
            return BillingVerdict.Of(response, await response.Content.ReadAsByteArrayAsync(either.Token), time.GetUtcNow());
        }
        catch (HttpRequestException fault) when (fault.InnerException is BillingAddressException forbidden)
        {
            return BillingVerdict.Refused("Billing could not be asked, so this play is not granted: its operator has to set it up.", forbidden.Message);
        }
        catch (HttpRequestException fault)
        {
            return fault.HttpRequestError is HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.SecureConnectionError
                ? BillingVerdict.Refused("Billing could not be asked, so this play is not granted: its operator has to set it up.", fault.Message)
                : BillingVerdict.Failed(fault.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return BillingVerdict.Failed($"no answer within {limit.TotalSeconds:0.#} seconds");
        }
    }

    private HttpRequestMessage Question(Uri url, byte[] body, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } } };
        request.Headers.Accept.Add(new("application/json"));
        request.Headers.Add("Idempotency-Key", $"\"{key}\"");
        request.Headers.Add(BillingSignature.HeaderName, BillingSignature.Sign(signer, url, body, key, time.GetUtcNow()));
        return request;
    }

    /// <summary>What billing is asked. The play's id is the same however often the viewer repeats the request.</summary>
    private sealed record BillingQuestion(string User, ContentId Content, Guid Play);

    // The address's path and query may hold a secret: its host says enough.
    [LoggerMessage(430, LogLevel.Warning, "Billing at {Host} gave no answer at attempt {Attempt}: {Reason}")]
    private partial void LogFault(string host, int attempt, string reason);
}
