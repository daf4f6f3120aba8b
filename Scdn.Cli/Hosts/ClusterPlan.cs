using Scdn.Format;

namespace Scdn.Cli.Hosts;

/// <summary>What a cluster on this machine is to be.</summary>
internal sealed record ClusterPlan
{
    /// <summary>The folder for everything it keeps.</summary>
    public required string Data { get; init; }

    /// <summary>Number of content servers.</summary>
    public int Servers { get; init; } = 3;

    /// <summary>The first port: the control host's, then the secondary gateway's, content servers from the tenth on. 0: any free ports.</summary>
    public int PortBase { get; init; } = 7400;

    /// <summary>Whether it goes on when this program ends.</summary>
    public bool Detached { get; init; }

    /// <summary>What each content server sends at most, as its option says it; null: no cap.</summary>
    public string? MaxRate { get; init; }

    /// <summary>Who is asked before something is played; null: who was asked before, if anybody.</summary>
    public Uri? Billing { get; init; }

    /// <summary>The only publishers whose headers are published; empty: any.</summary>
    public IReadOnlyList<PublisherId> Trust { get; init; } = [];

    /// <summary>The PostgreSQL database that is the control hosts' store; null: a file.</summary>
    public string? Database { get; init; }

    /// <summary>Where media that are put there get published.</summary>
    public string ContentFolder => Path.Combine(Data, "content");

    /// <summary>What the control hosts share: the store, and the secrets beside it.</summary>
    public string ControlFolder => ControlFolderIn(Data);

    /// <summary>Where hosts write their logs.</summary>
    public string LogFolder => Path.Combine(Data, "logs");

    /// <summary>The operator's token, which the control host makes.</summary>
    public string TokenFile => TokenFileIn(Data);

    /// <summary>The control host's place.</summary>
    public Uri Control => At(0);

    /// <summary>The secondary gateway's place.</summary>
    public Uri Gateway => At(1);

    /// <summary>A content server's place.</summary>
    /// <param name="number">From 1.</param>
    public Uri Server(int number) => At(9 + number);

    /// <summary>What the control hosts of a cluster share.</summary>
    public static string ControlFolderIn(string data) => Path.Combine(data, "control");

    /// <summary>Where a cluster's operator token is.</summary>
    public static string TokenFileIn(string data) => Path.Combine(ControlFolderIn(data), "operator.token");

    private Uri At(int offset) => new($"http://127.0.0.1:{(PortBase == 0 ? 0 : PortBase + offset)}");
}
