namespace Scdn.Host.Data.Retention;

/// <summary>For how long grains are kept once they are over; longer than the outbox keeps changes, and than connection records take to arrive.</summary>
/// <param name="Short">Sessions, authentication keys, join tokens, signing keys.</param>
/// <param name="Long">Operators' tokens, and licences of accounts that are over.</param>
internal sealed record PruneRetention(TimeSpan Short, TimeSpan Long)
{
    /// <summary>A week, a month.</summary>
    public static PruneRetention Default { get; } = new(TimeSpan.FromDays(7), TimeSpan.FromDays(30));
}
