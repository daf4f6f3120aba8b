using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Scdn.Format;

/// <summary>How receipts of a download hang together: each names the hash of the one before it, the first one that of the download's id.</summary>
public static class ReceiptChain
{
    /// <summary>What the first receipt hangs on.</summary>
    public static string Root(DownloadId download) => Next(download.ToString());

    /// <summary>The hash of a receipt: SHA-256 of the token in base64url.</summary>
    public static string Next(string receipt) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(receipt)));
}
