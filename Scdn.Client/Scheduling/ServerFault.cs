namespace Scdn.Client.Scheduling;

/// <summary>Why a server was left.</summary>
internal enum ServerFault
{
    /// <summary>It refused the connection, reset it, or ended the answer early.</summary>
    Lost,

    /// <summary>It said nothing for too long.</summary>
    Silent,

    /// <summary>It is overloaded or broken (5xx, 429).</summary>
    Busy,

    /// <summary>It does not have the part (404), or not in the published length; of a mirror also 401 and 403, which is how some say it.</summary>
    Missing,

    /// <summary>It does not accept the authentication key (401, 403).</summary>
    Refused,

    /// <summary>What it sent are not the published bytes, or no answer to the question.</summary>
    Corrupt,
}
