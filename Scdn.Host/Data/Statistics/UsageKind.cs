namespace Scdn.Host.Data.Statistics;

/// <summary>What is counted by itself: each content, each server, each user, and all together.</summary>
internal static class UsageKind
{
    public const string All = "all";
    public const string Content = "content";
    public const string Server = "server";
    public const string User = "user";
}
