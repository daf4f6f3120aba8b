using Scdn.Format;

namespace Scdn.Player;

/// <summary>What was asked of the player can't be done; the message is the sentence for whoever asked.</summary>
public sealed class PlayerException(string message, Exception? inner = null) : ScdnException(message, inner);
