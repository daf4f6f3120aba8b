using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;
using Scdn.Grains.Roles;

namespace Scdn.Host.Roles.Admin;

/// <summary>The CMS as other roles see it.</summary>
internal sealed class AdminRole(Catalogue catalogue, Sessions sessions, RecordIntake intake, ReportIntake reports) : IAdmin
{
    public Task<Outcome<CatalogueEntry>> FindContentAsync(EntryRequest request, CancellationToken cancel) => catalogue.FindEntryAsync(request, cancel);

    public async Task<Outcome<IReadOnlyList<ContentSummary>>> ListContentsAsync(Done request, CancellationToken cancel) =>
        new Outcome<IReadOnlyList<ContentSummary>> { Value = await catalogue.ListAsync(cancel) };

    public Task<Outcome<SessionSummary>> OpenSessionAsync(OpenSession request, CancellationToken cancel) => sessions.OpenAsync(request, cancel);

    public Task<Outcome<ValidSession>> ValidateSessionAsync(SessionId session, CancellationToken cancel) => sessions.ValidateAsync(session, cancel);

    public Task<Outcome<Done>> EndSessionAsync(SessionId session, CancellationToken cancel) => sessions.EndAsync(session, cancel);

    public Task<Outcome<Done>> ShipRecordsAsync(IReadOnlyList<ConnectionRecord> records, CancellationToken cancel) => intake.TakeAsync(records, cancel);

    public Task<Outcome<Done>> TakeReportAsync(PlayTold told, CancellationToken cancel) => reports.TakeAsync(told, cancel);
}
