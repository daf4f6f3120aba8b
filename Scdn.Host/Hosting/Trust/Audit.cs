using Scdn.Format.Wire;
using Scdn.Host.Data;

namespace Scdn.Host.Hosting.Trust;

/// <summary>Notes what operators do: every request that changes something, but for endpoints that say they are not worth it.</summary>
internal sealed partial class Audit(IAuditLog audit, TimeProvider time, ILogger<Audit> log)
{
    private const int MaxAct = 300;

    /// <summary>Does what an operator asked for, noted before and after.</summary>
    public async Task DoAsync(HttpContext context, RequestDelegate act)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || context.GetEndpoint()?.Metadata.GetMetadata<NotAudited>() is not null)
        {
            await act(context);
            return;
        }

        var (now, path) = (time.GetUtcNow(), $"{request.Method} {request.Path}");
        var entry = new AuditEntry(Guid.CreateVersion7(now), now, context.OperatorCaller().Name, path.Length > MaxAct ? path[..MaxAct] : path);
        await audit.BeginAsync(entry, context.RequestAborted);
        var status = StatusCodes.Status500InternalServerError;
        try
        {
            await act(context);
            status = context.Response.StatusCode;
        }
        catch (BadHttpRequestException bad)
        {
            status = bad.StatusCode;
            throw;
        }
        catch (StoreException fault) when (fault.IsTransient || fault.IsOfRequest)
        {
            status = Problems.Status(fault.ToRefusal().Kind);
            throw;
        }
        finally
        {
            await EndAsync(entry.Id, status, context.Features.Get<AuditSubject>()?.Text);
        }
    }

    private async Task EndAsync(Guid id, int status, string? subject)
    {
        try
        {
            // Also when the operator has gone meanwhile.
            await audit.EndAsync(id, status, subject, CancellationToken.None);
        }
        catch (StoreException fault)
        {
            LogUnended(id, status, fault.Message);
        }
    }

    [LoggerMessage(320, LogLevel.Error, "Act {Id} of an operator ended with status {Status}, which could not be noted: {Reason}")]
    private partial void LogUnended(Guid id, int status, string reason);
}

/// <summary>Says that what an endpoint does is not noted by itself: the parts of an upload, whose header is.</summary>
internal sealed record NotAudited;

/// <summary>What an act was about.</summary>
internal sealed record AuditSubject(string Text);

/// <summary>Lets endpoints say what an act was about, where the address does not.</summary>
internal static class AuditSubjects
{
    /// <summary>Says it; never a secret.</summary>
    public static void IsAbout(this HttpContext context, string subject) => context.Features.Set(new AuditSubject(LogText.OneLine(subject)));
}
