namespace Scdn.Player.Sound;

/// <summary>What makes sound heard: 48,000 samples a second, left and right in turn, 16 bits each.</summary>
internal interface ISoundOutput : IDisposable
{
    /// <summary>How long what is written now will wait until it is heard; zero for what does not keep time, such as a file.</summary>
    TimeSpan Delay { get; }

    /// <summary>Takes samples; waits while it has enough.</summary>
    void Write(ReadOnlySpan<byte> samples);

    /// <summary>Forgets what was not heard yet.</summary>
    void Drop();
}
