using Scdn.Format;

namespace Scdn.Media;

/// <summary>FFmpeg is missing, or failed at something that the media can't be blamed for.</summary>
public sealed class MediaException(string message, Exception? inner = null) : ScdnException(message, inner);
