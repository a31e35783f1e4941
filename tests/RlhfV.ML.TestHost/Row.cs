namespace RlhfV.ML.TestHost;

internal sealed class Row
{
    public byte[] Photo { get; set; } = [];

    public string Question { get; set; } = "";
}
