using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Host.Data.Statistics;
using Scdn.Host.Hosting;
using Scdn.Host.Hosting.OpenApi;
using Scdn.Host.Hosting.Trust;

namespace Scdn.Host.Roles.Admin.Endpoints;

/// <summary>Statistics and connection records.</summary>
internal static class StatisticsEndpoints
{
    private const int DefaultRows = 100;
    private const int MaxRows = 10_000;

    public static void Map(RouteGroupBuilder admin)
    {
        var statistics = admin.MapGroup("").In(OperatorArea.Statistics);
        statistics.MapGet("/stats", async (HttpRequest request, StatisticsPages pages, CancellationToken cancel) =>
            ReadStatistics(request).IsGranted(out var query, out var refusal) ? TypedResults.Ok(await pages.ReadAsync(query, cancel)) : (IResult)refusal.ToProblem())
            .WithSummary("Plays, requests, bytes, errors and sessions at once, by content, server, user, hour or day.").Asks("by", "from", "to", "content", "server", "user", "limit").Produces<StatisticsAnswer>();
        statistics.MapGet("/log", async (HttpRequest request, StatisticsPages pages, CancellationToken cancel) =>
            ReadFilter(request).IsGranted(out var filter, out var refusal) ? TypedResults.Ok(await pages.LogAsync(filter, cancel)) : (IResult)refusal.ToProblem())
            .WithSummary("Connection records, the newest first.").Asks("content", "server", "user", "from", "to", "before", "limit").Produces<IReadOnlyList<LoggedRecord>>();
    }

    private static Outcome<StatisticsQuery> ReadStatistics(HttpRequest request)
    {
        var asked = new QueryParameters(request);
        var query = new StatisticsQuery(
            asked.Choice<StatisticsBy>("by") ?? StatisticsBy.Content,
            asked.Instant("from") is { } from ? DateTimeOffset.FromUnixTimeMilliseconds(Span.Begin(from.ToUnixTimeMilliseconds(), Span.HourLength)) : null,
            asked.Instant("to") is { } to ? DateTimeOffset.FromUnixTimeMilliseconds(Span.Next(to.ToUnixTimeMilliseconds(), Span.HourLength)) : null,
            asked.Id<ContentId>("content"),
            asked.Id<ServerId>("server"),
            asked.Text("user"),
            asked.Number("limit", DefaultRows, MaxRows));
        return asked.Refusal is { } refusal ? refusal : query.From >= query.To ? Refusal.Invalid("'from' must be before 'to'.") : query;
    }

    private static Outcome<RecordFilter> ReadFilter(HttpRequest request)
    {
        var asked = new QueryParameters(request);
        var filter = new RecordFilter(
            asked.Id<ContentId>("content"), asked.Id<ServerId>("server"), asked.Text("user"), asked.Instant("from"), asked.Instant("to"), asked.Uuid("before"), asked.Number("limit", DefaultRows, MaxRows));
        return asked.Refusal is { } refusal ? refusal : filter.From >= filter.To ? Refusal.Invalid("'from' must be before 'to'.") : filter;
    }
}
