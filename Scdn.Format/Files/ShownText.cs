namespace Scdn.Format;

/// <summary>Which characters of a text from elsewhere may be shown to people.</summary>
public static class ShownText
{
    /// <summary>Neither a control character, nor one that ends a line, nor one that makes what follows read in another order (Unicode TR 36, 3.4).</summary>
    public static bool MayShow(char letter) => !char.IsControl(letter) && letter is not ('\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));
}
