using Scdn.Format;

namespace Scdn.Host.Data.Statistics;

/// <summary>What is asked of the statistics.</summary>
/// <param name="By">What gets a row each.</param>
/// <param name="From">From the beginning of this hour on; null: since the beginning.</param>
/// <param name="To">Up to the beginning of this hour; null: up to now.</param>
/// <param name="Content">Of this content only; null: of all.</param>
/// <param name="Server">Of this server only; null: of all.</param>
/// <param name="User">Of this user only; null: of all.</param>
/// <param name="Limit">Rows at most: the newest hours, or what had most bytes.</param>
internal sealed record StatisticsQuery(StatisticsBy By, DateTimeOffset? From, DateTimeOffset? To, ContentId? Content, ServerId? Server, string? User, int Limit)
{
    /// <summary>Whether plays are told: they have no server.</summary>
    public bool HasPlays => By is not StatisticsBy.Server && Server is null;

    /// <summary>Of which single thing besides the rows' own, if of any: more than that is only in the finest rows.</summary>
    public bool IsSimple => Sides.Count() <= 1;

    /// <summary>The one kind of which the rows are, when it is simple.</summary>
    public string Kind => Sides.SingleOrDefault(UsageKind.All);

    /// <summary>The one thing that it is about when it is simple; empty for all. Null: it is about each of its kind.</summary>
    public string? Key => Content?.ToString() ?? Server?.ToString() ?? User ?? (By is StatisticsBy.Hour ? "" : null);

    private IEnumerable<string> Sides
    {
        get
        {
            if (By is StatisticsBy.Content || Content is not null) yield return UsageKind.Content;
            if (By is StatisticsBy.Server || Server is not null) yield return UsageKind.Server;
            if (By is StatisticsBy.User || User is not null) yield return UsageKind.User;
        }
    }
}

/// <summary>What gets a row each.</summary>
internal enum StatisticsBy
{
    /// <summary>Contents.</summary>
    Content,

    /// <summary>Content servers.</summary>
    Server,

    /// <summary>Users.</summary>
    User,

    /// <summary>Hours.</summary>
    Hour,
}
