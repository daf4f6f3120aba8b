namespace Scdn.Cli;

/// <summary>A command that can't be done; the message is the sentence for whoever typed it.</summary>
internal sealed class CliException(string message, Exception? inner = null) : Exception(message, inner);
