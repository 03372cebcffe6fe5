/**
 * Words that plants use for the roles of signals, by language. Lower case, without accents; words of one phrase are
 * joined by `_` and must follow one another, or stand as one word.
 */

import type { SignalRole } from '../site/manifest.js';

interface RolePhrases {
  readonly role: SignalRole;
  readonly phrases: readonly string[];
}

const list = (text: string): readonly string[] => text.trim().split(/\s+/);

/** In order: the first role whose phrase occurs wins. */
export const ROLE_PHRASES: readonly RolePhrases[] = [
  {
    role: 'estop',
    phrases: list(`
      e_stop emergency_stop emergency_off emergency emerg emo ems emcy
      not_aus not_halt arret_urgence arret_d_urgence aru urgence
      parada_emergencia paro_emergencia seta_emergencia botao_emergencia emergencia
      arresto_emergenza emergenza fungo_emergenza
      nood_stop noodknop nod_stopp nod_stop hata_katkaisin hata_seis hatapysaytys
      awaryjny_stop stop_awaryjny awaryjny wylacznik_awaryjny
      nouzove_zastaveni nouzovy_stop nouzove nouzovy veszstop vesz_stop veszleallito
      acil_stop acil_durdurma acil_dur acil avariyny_stop avar_stop
      jiting ji_ting jinji_tingzhi hijo_teishi hijou_teishi hijoteishi hijouteishi
    `),
  },
  {
    role: 'light_curtain',
    phrases: list(`
      light_curtain curtain ossd aopd espe lightbarrier_safety
      licht_gitter licht_vorhang barriere_immaterielle rideau_lumineux
      barrera_luz barrera_optica cortina_luz barreira_optica cortina_de_luz
      barriera barriera_ottica licht_scherm licht_gordijn ljus_rida ljus_bom
      kurtyna_swietlna kurtyna svetelna_zaclona svetelna_zavora isik_perdesi isik_bariyeri
      guangmu guang_mu guangshan koukaten kouka_ten
    `),
  },
  {
    role: 'two_hand',
    phrases: list(`
      two_hand zwei_hand bimanuelle bimanual bimanuale dos_manos duas_maos twee_hand tva_hand
      oburacz dwureczne dvourucni cift_el shuangshou ryote
    `),
  },
  {
    role: 'safety_mat',
    phrases: list(`
      safety_mat schalt_matte tritt_matte tapis_securite tapis_sensible alfombra_seguridad tapete_seguranca
      tappeto_sicurezza veiligheids_mat sakerhets_matta mata_bezpieczenstwa
    `),
  },
  {
    role: 'enabling_switch',
    phrases: list(`
      enabling_switch enable_switch enabling_device dead_man zustimm_taster zustimmung homme_mort hombre_muerto
      uomo_morto dodeman vrijgave_schakelaar
    `),
  },
  {
    role: 'edm',
    phrases: list(`
      edm contactor_feedback schuetz_rueckmeldung schutz_ruckmeldung rueckfuehr_kreis ruckfuhr_kreis
      retour_contacteur ritorno_contattore
    `),
  },
  {
    role: 'guard',
    phrases: list(`
      guard safety_door safety_gate safety_hood safety_cover safety_switch
      door_closed gate_closed hood_closed cover_closed fence_closed door_locked gate_locked
      schutz_tuer schutz_tur schutz_haube schutz_gitter schutz_zaun schutz_einrichtung
      tuer_zu tur_zu haube_zu tuer_geschlossen tur_geschlossen
      protecteur porte_securite porte_fermee carter_ferme capot_ferme
      resguardo guarda puerta_seguridad puerta_cerrada porta_seguranca porta_fechada
      riparo porta_sicurezza porta_chiusa carter_chiuso
      veiligheids_deur deur_gesloten deur_dicht afscherming
      skydd skydds_dorr dorr_stangd drzwi_zamkniete oslona_zamknieta oslona dvere_zavrene kryt_zavreny
      kapi_kapali koruyucu anquanmen anquan_men fanghumen anzen_tobira
      interlock verriegelung enclavamiento interblocco verrouillage vergrendeling
    `),
  },
  {
    role: 'bypass',
    phrases: list(`
      bypass override jumper muting ueberbrueckung uberbruckung ueberbrueckt uberbruckt brueckung bruckung
      brucke bruecke shunt defeat pontage puente ponte_sicurezza overbrugging bocznik obejscie premosteni koprulu
      disable_safety safety_off ignore_safety force_ok panglu
    `),
  },
  {
    role: 'reset',
    phrases: list(`
      reset quitt quittierung quittieren acknowledge rearm rearmement acquit acquittement acquitter
      rearme reinicio ripristino tacitazione kwiteren herstel aterstall aterstallning kvittera kvittering
      kasowanie potwierdzenie kvitace potvrzeni sifirla sifirlama fuwei fukki risetto
    `),
  },
  {
    role: 'start',
    phrases: list(`
      start marche depart demarrage arranque marcha inicio iniciar partida avvio marcia anlauf
      uruchom spusteni baslat calistir qidong kidou shidou
    `),
  },
];

/** Names that are written in characters and not in words. */
export const ROLE_CHARACTERS: readonly { readonly role: SignalRole; readonly pattern: RegExp }[] = [
  { role: 'estop', pattern: /急停|紧急停止|緊急停止|非常停止|비상정지|аварийн/i },
  { role: 'light_curtain', pattern: /光幕|光栅|ライトカーテン/ },
  { role: 'guard', pattern: /安全门|安全門|防护门|安全扉|安全ドア|안전문/ },
  { role: 'reset', pattern: /复位|復位|リセット|리셋/ },
  { role: 'start', pattern: /启动|啟動|起動|스타트/ },
  { role: 'bypass', pattern: /旁路|バイパス|바이패스/ },
];

/** What moves, heats, presses or energises. */
export const HAZARD_PHRASES: readonly string[] = list(`
  motor drive valve heater heating spindle press ram pump cylinder conveyor belt laser burner contactor sto mixer saw
  blade knife hoist lift axis robot clamp enable_drive cutter roller gripper welder furnace
  antrieb ventil heizung spindel presse pumpe zylinder foerderer forderer foerderband forderband band brenner schuetz
  schutz_k ruehrer ruhrer saege sage messer hub achse roboter greifer walze
  moteur vanne pompe verin convoyeur broche chauffage entrainement
  motor_run bomba valvula prensa cinta husillo accionamiento cilindro calefactor
  motore valvola pressa nastro mandrino azionamento cilindro riscaldamento
  esteira acionamento aquecedor klep pomp pers aandrijving cilinder transportband
  transportor drivning varmare silnik zawor pompa naped prasa przenosnik silownik
  cerpadlo pohon lis dopravnik valec vana pres konveyor surucu silindir
  dianji famen beng mota barubu ponpu puresu
`);

/** Endings that a plant writes without a separator: `estopok`, `guardclosed`. */
export const STATE_ENDINGS: ReadonlySet<string> = new Set(
  list(
    `ok ok1 closed open free in input healthy zu auf geschlossen frei pb button sw switch taster ok2 ch pressed locked`,
  ),
);
