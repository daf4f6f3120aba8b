using System.Diagnostics.CodeAnalysis;
using Scdn.Media.Decoding;

namespace Scdn.Player.Sound;

/// <summary>Where sound comes from, in the order of its times.</summary>
internal interface ISoundSource
{
    /// <summary>Takes the sound that comes next, to be disposed of; false when none is here.</summary>
    bool TryTakeSound([NotNullWhen(true)] out SoundFrame? sound);
}
