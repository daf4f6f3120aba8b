using Scdn.Format;

namespace Scdn.Grains.Configurations;

/// <summary>The cluster's settings as they are in force: set by operators, the same on every control host. <see cref="Setting"/> says what each takes, and who sets it.</summary>
public sealed record Settings
{
    /// <summary>All as they are while nothing is set.</summary>
    public static Settings Default { get; } = new();

    /// <summary>How long a viewer's session lasts that nobody ends. Default 12 hours.</summary>
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>How long an authentication key is good for at most. Default 12 hours.</summary>
    public TimeSpan KeyLifetime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>How many streams of one user play at the same time, unless the account has a limit of its own; null: without limit. Default: null.</summary>
    public int? StreamsPerUser { get; init; }

    /// <summary>How many devices one user has, unless the account has a limit of its own; null: without limit. Default: null.</summary>
    public int? DevicesPerUser { get; init; }

    /// <summary>Proxies of one's own, whose word for where a request comes from is taken. Default: none.</summary>
    public AddressRanges Proxies { get; init; } = AddressRanges.None;

    /// <summary>Mirrors that viewers' clients are told of with every play, as <see cref="MirrorAddress"/> has them. Default: none.</summary>
    public IReadOnlyList<Uri> Mirrors { get; init; } = [];

    /// <summary>Who is asked before something is played.</summary>
    public BillingSettings Billing { get; init; } = new();
}

/// <summary>Who is asked before something is played, and how.</summary>
public sealed record BillingSettings
{
    /// <summary>Where the question goes; null: nobody is asked.</summary>
    public Uri? Url { get; init; }

    /// <summary>How long an answer is waited for. Default 3 seconds.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often a question is put that is not answered. Default 2.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>Addresses of <see cref="AddressRanges.Private"/> that may be asked all the same. Default: none.</summary>
    public AddressRanges PrivateAddresses { get; init; } = AddressRanges.None;
}
