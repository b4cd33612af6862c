/** What is known of a driver's native XDP. */
export interface XdpDriver {
  /** First kernel whose driver has it; absent when every supported kernel does. */
  readonly sinceKernel?: readonly [major: number, minor: number];
  /** Largest MTU with XDP in one page, bytes; absent when the driver takes larger ones or the limit varies. */
  readonly maxMtu?: number;
}

/** A page less XDP head room, struct skb_shared_info and link header: what drivers with one page a packet take. */
const ONE_PAGE = 3_498;

/** Drivers with native XDP (`git grep ndo_bpf drivers/net`), by the name in /sys/.../device/driver or link kind. */
export const XDP_DRIVERS: Readonly<Record<string, XdpDriver>> = {
  atlantic: { sinceKernel: [5, 19] },
  bnxt_en: {},
  bond: {},
  dpaa2_eth: { maxMtu: ONE_PAGE },
  ena: { maxMtu: ONE_PAGE },
  fec: { sinceKernel: [6, 2], maxMtu: ONE_PAGE },
  fsl_dpaa2_eth: { maxMtu: ONE_PAGE },
  fsl_enetc: {},
  gve: { sinceKernel: [6, 4], maxMtu: ONE_PAGE },
  hv_netvsc: { maxMtu: ONE_PAGE },
  i40e: { maxMtu: 3_046 },
  ice: { maxMtu: 3_046 },
  igb: { maxMtu: 3_046 },
  igc: { maxMtu: 1_500 },
  ionic: { sinceKernel: [6, 9] },
  ixgbe: { maxMtu: 3_046 },
  ixgbevf: { maxMtu: 3_046 },
  mana: { sinceKernel: [5, 17], maxMtu: ONE_PAGE },
  mlx4_en: { maxMtu: 3_482 },
  mlx5_core: { maxMtu: ONE_PAGE },
  mtk_eth_soc: { sinceKernel: [6, 0], maxMtu: ONE_PAGE },
  mvneta: {},
  mvpp2: { maxMtu: ONE_PAGE },
  netsec: { maxMtu: 1_500 },
  nfp: { maxMtu: ONE_PAGE },
  qede: { maxMtu: ONE_PAGE },
  rvu_nicpf: { maxMtu: 1_530 },
  sfc: { maxMtu: ONE_PAGE },
  stmmac: { maxMtu: 1_500 },
  tun: { maxMtu: ONE_PAGE },
  veth: { maxMtu: ONE_PAGE },
  virtio_net: { maxMtu: ONE_PAGE },
  vmxnet3: { sinceKernel: [6, 6], maxMtu: ONE_PAGE },
  xen_netfront: { maxMtu: ONE_PAGE },
};
