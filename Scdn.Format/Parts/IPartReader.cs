namespace Scdn.Format;

/// <summary>Where stored parts come from: a folder, or content servers.</summary>
public interface IPartReader
{
    /// <summary>Fills the whole buffer with stored bytes of a part. They are not checked: that is for whoever holds the header.</summary>
    /// <param name="part">Which part.</param>
    /// <param name="storedOffset">Where in the stored part, from 0.</param>
    /// <param name="buffer">Filled to its end.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PartException">The part is not there, or ends before the buffer is full.</exception>
    ValueTask ReadAsync(PartId part, long storedOffset, Memory<byte> buffer, CancellationToken cancellationToken);
}
