using System.Buffers;

namespace Scdn.Media.Decoding.Nut;

/// <summary>One frame of a NUT file. Whoever gets it disposes of its bytes.</summary>
/// <param name="Stream">Its stream.</param>
/// <param name="Time">When it is shown.</param>
/// <param name="Owner">Who owns the bytes, of which there may be more.</param>
/// <param name="Length">How many there are.</param>
internal readonly record struct NutFrame(NutStream Stream, TimeSpan Time, IMemoryOwner<byte> Owner, int Length);
