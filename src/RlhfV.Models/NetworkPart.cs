namespace RlhfV.Models;

/// <summary>The parts of a vision-language model that can be trained or frozen apart.</summary>
public enum NetworkPart
{
    /// <summary>The vision tower.</summary>
    VisionTower,

    /// <summary>The connector between tower and decoder.</summary>
    Connector,

    /// <summary>The decoder with its token table and output head.</summary>
    Decoder,
}
