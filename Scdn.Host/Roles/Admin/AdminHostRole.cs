using System.Collections.Immutable;
using System.CommandLine;
using Scdn.Format;
using Scdn.Grains.Roles;
using Scdn.Host.Data;
using Scdn.Host.Data.Statistics;
using Scdn.Host.Hosting;
using Scdn.Host.Parts;
using Scdn.Host.Remote;
using Scdn.Host.Roles.Admin.Endpoints;
using Scdn.Host.Roles.Admin.Folder;

namespace Scdn.Host.Roles.Admin;

/// <summary>The CMS's entry: content folder, catalogue, sessions, records, and what operators ask.</summary>
internal sealed class AdminHostRole : IHostRole
{
    /// <summary>The option that names publishers.</summary>
    public const string TrustOption = "--trust";

    private const int MaxRecordDays = 3650;

    private readonly Option<string?> _contentFolder = new("--content-folder")
    {
        Description = "Folder whose media files are published: watched in real time.", HelpName = "DIR",
    };

    private readonly Option<string[]> _trust = new(TrustOption)
    {
        Description = "Publish headers of this publisher only, and of others that are named so (the 64 digits that 'scdn inspect' shows); default: of any publisher.",
        AllowMultipleArgumentsPerToken = true, HelpName = "PUBLISHER",
    };

    private readonly Option<int> _keepRecords = new("--keep-records")
    {
        Description = $"For how many days connection records are kept, 1 to {MaxRecordDays}. What was counted from them is kept for longer.", DefaultValueFactory = _ => 30, HelpName = "DAYS",
    };

    public string Name => "admin";

    public IReadOnlyList<Option> Options => [_contentFolder, _trust, _keepRecords];

    public void AddServices(IServiceCollection services, RoleSetup setup)
    {
        var options = new AdminOptions(ReadContentFolder(setup), ReadTrusted(setup), ReadRecordRetention(setup));
        services.AddSingleton(options);
        services.AddSingleton<Origin>();
        services.AddSingleton<OriginAccess>();
        services.AddSingleton(OriginShelf);
        PartEndpoints.AddServices(services);
        services.AddSingleton<PublishedHeaders>();
        services.AddSingleton<Catalogue>();
        services.AddSingleton<PublisherRule>();
        services.AddSingleton<Uploads>();
        services.AddSingleton<Accounts>();
        services.AddSingleton<UserDevices>();
        services.AddSingleton<Entitlements>();
        services.AddSingleton<SessionHandOver>();
        services.AddSingleton<Owners>();
        services.AddSingleton<Operators>();
        services.AddSingleton<Tokens>();
        services.AddSingleton<OperatorSignIn>();
        services.AddSingleton<FailedSignIns>();
        services.AddSingleton<SessionWalk>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<ContentServers>();
        services.AddSingleton<HostRemoval>();
        services.AddSingleton<JoinTokens>();
        services.AddSingleton<ClusterOverview>();
        services.AddSingleton<LiveEvents>();
        services.AddSingleton<RecordIntake>();
        services.AddSingleton<ReportIntake>();
        services.AddSingleton<RecordReader>();
        services.AddSingleton<PlayReader>();
        services.AddSingleton<PlayPages>();
        services.AddSingleton<StatisticsReader>();
        services.AddSingleton<StatisticsPages>();
        services.AddRole<IAdmin, AdminRole>();
        services.AddHostedService<FirstOperator>();
        services.AddHostedService<OriginSweeper>();
        services.AddHostedService<PlayCounting>();
        services.AddHostedService<RecordSweeper>();
        if (options.ContentFolder is not null) ContentFolder.AddServices(services);
    }

    public void MapEndpoints(WebApplication app)
    {
        app.MapRole<IAdmin>();
        AdminEndpoints.Map(app);
    }

    private static PartShelf OriginShelf(IServiceProvider provider)
    {
        var store = provider.GetRequiredService<Origin>().Store;
        var meter = new TrafficMeter(provider.GetRequiredService<TimeProvider>());
        return new PartShelf(store, provider.GetRequiredService<OriginAccess>(), new FileAnswer(store.Handles, cap: null, meter));
    }

    private string? ReadContentFolder(RoleSetup setup)
    {
        if (setup.Get(_contentFolder) is not { } text) return null;
        var folder = Path.GetFullPath(text);
        if (File.Exists(folder)) setup.Fault($"{_contentFolder.Name} {text}: that is a file, not a folder.");
        if (IsWithin(folder, setup.Host.DataFolder) || IsWithin(setup.Host.DataFolder, folder))
            setup.Fault($"{_contentFolder.Name} {text}: it must not lie within the data folder {setup.Host.DataFolder}, nor that one within it.");
        return folder;
    }

    private RecordRetention ReadRecordRetention(RoleSetup setup)
    {
        var days = setup.Get(_keepRecords);
        if (days is < 1 or > MaxRecordDays) setup.Fault($"{_keepRecords.Name} {days}: it is from 1 to {MaxRecordDays} days.");
        return new(TimeSpan.FromDays(days));
    }

    private ImmutableArray<PublisherId> ReadTrusted(RoleSetup setup)
    {
        var trusted = ImmutableArray.CreateBuilder<PublisherId>();
        foreach (var text in setup.Get(_trust) ?? [])
        {
            if (PublisherId.TryParse(text, out var publisher)) trusted.Add(publisher);
            else setup.Fault($"{_trust.Name} {text}: that is not a publisher: give the 64 digits that 'scdn inspect' shows.");
        }

        return trusted.ToImmutable();
    }

    private static bool IsWithin(string path, string folder) =>
        path == folder || path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
